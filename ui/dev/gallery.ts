/** `npm run dev:gallery`, then /?scene=main (see scenes.ts for the others). */
import { mount } from "svelte";
import "../src/styles/index.css";
import AppView from "../src/App.svelte";
import "../src/features";
import { App } from "../src/lib/state/app.svelte";
import "../src/shell/commands";
import { FixtureBackend } from "./fixture/backend";
import { scenes } from "./scenes";

const name = new URLSearchParams(location.search).get("scene") ?? "main";
const scene = scenes[name] ?? scenes["main"];
if (!scene) throw new Error("no scene");
localStorage.clear();
const backend = new FixtureBackend(scene.world());
const app = new App(backend, scene.at);
const target = document.getElementById("app");
if (target) mount(AppView, { target, props: { app } });
Object.assign(window, { app, backend });
await app.start();
scene.then?.(app);
