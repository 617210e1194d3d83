import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const tauri = {
  group: ["@tauri-apps/*"],
  message: "Only src/lib/backend/tauri.ts talks to Tauri; use the Backend interface.",
};
const dev = { group: ["**/dev/**"], message: "The gallery is not part of the app." };
const noHtml = { "svelte/no-at-html-tags": "error" };

const features = [
  "activity", "editor", "history", "inbox", "merge", "outbox", "records", "settings", "sources", "tour",
];

/** A feature may use lib and components, never another feature. */
const featureRules = features.map((feature) => ({
  files: [`src/features/${feature}/**`],
  rules: {
    "no-restricted-imports": ["error", {
      patterns: [tauri, dev, {
        group: features.filter((other) => other !== feature).flatMap((other) => [`../${other}/**`, `**/features/${other}/**`]),
        message: "Features do not import each other: share through src/lib or src/components, or register a place.",
      }],
    }],
  },
}));

export default ts.config(
  { ignores: ["dist/**", "src/lib/backend/generated/**"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "no-console": "error",
      eqeqeq: "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "svelte/require-each-key": "error",
      ...noHtml,
      // {" "} keeps a space between pieces.
      "svelte/no-useless-mustaches": "off",
      // Maps and sets beside runes are bookkeeping on purpose; what is shown is $state.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    files: ["src/**"],
    ignores: ["src/lib/backend/tauri.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [tauri, dev] }] },
  },
  {
    files: ["src/lib/**", "src/components/**"],
    ignores: ["src/lib/backend/tauri.ts", "**/*.test.ts"],
    rules: {
      "no-restricted-imports": ["error", {
        patterns: [tauri, dev, { group: ["**/features/**", "**/shell/**"], message: "lib and components know no feature." }],
      }],
    },
  },
  ...featureRules,
  {
    // Tests may use the gallery's data.
    files: ["**/*.test.ts"],
    rules: { "no-restricted-imports": "off" },
  },
);
