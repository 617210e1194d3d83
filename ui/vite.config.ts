import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

// Two jobs: the window's page (dev server for `tauri dev`, ui/dist for the built app) and vitest.
export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  resolve: {
    alias: {
      $lib: new URL("./src/lib", import.meta.url).pathname,
      $components: new URL("./src/components", import.meta.url).pathname,
    },
  },
  clearScreen: false,
  server: { host: "localhost", port: 5173, strictPort: true },
  build: {
    // WebKitGTK 2.40, WKWebView of macOS 13 and WebView2 are the oldest engines the app meets.
    target: ["safari16", "chrome111"],
    outDir: "dist",
    emptyOutDir: true,
    // Data URLs for scripts are refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "dev/**/*.test.ts"],
    restoreMocks: true,
    // A test says what it waits for; how long that takes is a matter of what else the machine does.
    testTimeout: 30_000,
    // A failed look-up says what was looked for; the page would hide it.
    env: { DEBUG_PRINT_LIMIT: "0" },
  },
});
