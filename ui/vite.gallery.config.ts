import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The gallery shows every screen with believable data and no back end. It is a tool for people who
// change the interface; nothing of ui/dev is part of the app.
export default defineConfig({
  root: "dev",
  plugins: [svelte({ configFile: "../svelte.config.js" })],
  resolve: {
    alias: {
      $lib: new URL("./src/lib", import.meta.url).pathname,
      $components: new URL("./src/components", import.meta.url).pathname,
    },
  },
  server: { host: "127.0.0.1", port: 5174, strictPort: true, fs: { allow: [".."] } },
});
