// axe-core, run inside the real window.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What is wrong with the page as it is now, in words: only what axe calls serious or critical.
 * @param {import('selenium-webdriver').WebDriver} driver
 * @returns {Promise<string[]>}
 */
export async function accessibilityProblems(driver) {
  if (!(await driver.executeScript('return typeof window.axe === "object"'))) await driver.executeScript(source);
  const result = await driver.executeAsyncScript(function () {
    const done = arguments[arguments.length - 1];
    window.axe.run(document, { resultTypes: ['violations'] }).then(
      (found) => done({ violations: found.violations }),
      (error) => done({ error: String(error) }),
    );
  });
  if (result.error) throw new Error(`axe did not run: ${result.error}`);
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, nodes }) => {
      const where = nodes.map((node) => `    ${node.target.join(' ')}: ${node.failureSummary?.split('\n').slice(1).join('; ')}`);
      return `  ${id} (${impact}): ${help}\n${where.join('\n')}`;
    });
}
