import { mount } from "svelte";
import "./styles/index.css";
import AppView from "./App.svelte";
import "./features";
import "./shell/commands";
import { tauriBackend } from "./lib/backend/tauri";
import { App } from "./lib/state/app.svelte";
import { keepLocation, keptLocation } from "./lib/state/kept.svelte";

const backend = tauriBackend();
const app = new App(backend, keptLocation());
keepLocation(app.nav);
backend.onClose?.(() => app.nav.saveAll());
void app.start();

const target = document.getElementById("app");
if (target) mount(AppView, { target, props: { app } });
