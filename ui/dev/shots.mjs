// Pictures of gallery scenes: node dev/shots.mjs OUT [scene...] [--dark] [--size=1280x800] [--port=5174]
// and with --axe the accessibility findings of each scene. A scene "merge:02" is page 02 of merge.html. --full: the whole scroll.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [out, ...rest] = process.argv.slice(2);
const flag = (name, otherwise) => rest.find((one) => one.startsWith(`--${name}`))?.split("=")[1] ?? otherwise;
const has = (name) => rest.includes(`--${name}`);
const scenes = rest.filter((one) => !one.startsWith("--"));
const [width, height] = flag("size", "1280x800").split("x").map(Number);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({
  viewport: { width, height }, colorScheme: has("dark") ? "dark" : "light",
  contrast: has("contrast") ? "more" : "no-preference", forcedColors: has("forced") ? "active" : "none",
});
page.on("console", (message) => { if (message.type() === "error") process.stdout.write(`  console: ${message.text()}\n`); });
page.on("pageerror", (error) => process.stdout.write(`  error: ${error.message}\n`));
for (const scene of scenes.length > 0 ? scenes : ["main"]) {
  const merge = /^merge:(.+)$/.exec(scene)?.[1];
  await page.goto(`http://127.0.0.1:${flag("port", "5174")}/${merge ? `merge.html?page=${merge}` : `?scene=${scene}`}`);
  await page.waitForSelector(".app .place > *");
  // The pictures of the design are set in Inter.
  if (flag("font")) await page.addStyleTag({ content: `:root { --font-ui: ${flag("font")}, sans-serif }` });
  await page.waitForTimeout(250);
  const suffix = `${has("dark") ? "-dark" : ""}${has("contrast") ? "-contrast" : ""}${has("forced") ? "-forced" : ""}${has("rtl") ? "-rtl" : ""}${width === 1280 ? "" : `-${width}`}`;
  if (has("rtl")) await page.evaluate(() => { document.documentElement.dir = "rtl"; });
  if (has("full")) await page.setViewportSize({ width, height: Number(flag("full", "1360")) });
  await page.screenshot({ path: `${out}/${scene.replace(":", "-")}${suffix}.png` });
  if (!has("axe")) continue;
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  process.stdout.write(`${scene}: ${found.violations.length} findings\n`);
  for (const one of found.violations) {
    process.stdout.write(`  ${one.impact} ${one.id}: ${one.help} (${one.nodes.length})\n`);
    for (const node of one.nodes.slice(0, 3)) process.stdout.write(`    ${node.html.slice(0, 160)}\n`);
  }
}
await browser.close();
