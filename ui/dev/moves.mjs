// What moves on the merge screen by a choice: node dev/moves.mjs [page...] [--size=1280x800] [--port=5174] [--text=100]
// Every choice of every row is pressed, one after the other; a line for each that moved what stands outside its own row.
import { chromium } from "playwright-core";

const rest = process.argv.slice(2);
const flag = (name, otherwise) => rest.find((one) => one.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise;
const pages = rest.filter((one) => !one.startsWith("--"));
const [width, height] = flag("size", "1280x800").split("x").map(Number);

/** Runs in the page: where every row, part and group stands, against the body that scrolls. */
function tops() {
  const scrolled = document.querySelector(".m-body").scrollTop;
  return Object.fromEntries([...document.querySelectorAll(".m-row, .m-sub, .auto-el, .m-row > .eq, .m-fold, .auto-row, .sendbox, .opt")].map((each, at) => {
    const name = each.dataset.row ?? `${each.className.split(" ")[0]} ${at}`;
    const { top, height } = each.getBoundingClientRect();
    return [name, [Math.round((top + scrolled) * 10) / 10, Math.round(height * 10) / 10]];
  }));
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width, height } });
let moved = 0;
let pressed = 0;
for (const name of pages.length > 0 ? pages : ["02", "kinds-open", "04b", "03", "03m", "suggest"]) {
  await page.goto(`http://127.0.0.1:${flag("port", "5174")}/merge.html?page=${name}`);
  await page.waitForSelector("html[data-ready]");
  if (flag("font")) await page.addStyleTag({ content: `:root { --font-ui: ${flag("font")}, sans-serif }` });
  if (flag("text")) await page.addStyleTag({ content: `html { font-size: ${flag("text")}% }` });
  await page.waitForTimeout(200);
  const compare = async (what, before, own) => {
    pressed += 1;
    await page.waitForTimeout(60);
    const after = await page.evaluate(tops);
    const changed = Object.entries(before).filter(([key, [top, high]]) => !after[key] || after[key][0] !== top || (key === own && after[key][1] !== high));
    if (changed.length === 0) return;
    moved += 1;
    const [key, [top, high]] = changed[0];
    process.stdout.write(`${name}, ${what}: ${changed.length} moved, first ${key} by ${after[key] ? Math.round((after[key][0] - top + (after[key][1] - high)) * 10) / 10 : "gone"}\n`);
  };
  const radios = await page.$$eval(".m-body [data-row] input[type=radio]", (all) => all.map((one) => [one.closest("[data-row]").dataset.row, one.value]));
  for (const round of [1, 2]) {
    for (const [row, value] of radios) {
      const before = await page.evaluate(tops);
      const there = await page.$(`[data-row="${row}"] input[type=radio][value="${value}"]`);
      if (!there) { process.stdout.write(`${name}: no ${value} in row ${row} any more\n`); continue; }
      await there.click({ force: true });
      await compare(`row ${row} ${value}${round === 2 ? ", again" : ""}`, before, row);
      if (value === "edit" && round === 1) {
        const field = await page.$(`textarea[data-field="${row}"]`);
        if (field) {
          const open = await page.evaluate(tops);
          await field.press("End");
          await field.type("x");
          await page.waitForTimeout(400);
          await compare(`row ${row} typing`, open, row);
          await field.evaluate((one) => one.blur());
          await page.waitForTimeout(100);
          await compare(`row ${row} left`, open, row);
        }
      }
      for (let at = 0; value === "both" && at < 2; at += 1) {
        const link = await page.$(`[data-row="${row}"] .m-order:not([hidden]) button`);
        if (!link || !(await link.isVisible())) break;
        const order = await page.evaluate(tops);
        await link.click({ force: true });
        await compare(`row ${row} other order`, order, row);
      }
    }
  }
}
process.stdout.write(`${width} px: ${pressed} choices, ${moved} of them moved something\n`);
await browser.close();
