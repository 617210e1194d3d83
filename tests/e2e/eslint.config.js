import js from '@eslint/js';
import globals from 'globals';

export default [
  js.configs.recommended,
  { languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: globals.node } },
  { rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], 'no-var': 'error', 'prefer-const': 'error' } },
  // These run inside the page.
  { files: ['harness/page.js', 'harness/axe.js', 'harness/app.js'], languageOptions: { globals: globals.browser } },
];
