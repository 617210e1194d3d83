/** CodeMirror for the Source tab: its own chunk, loaded when the tab is first opened. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json as jsonLanguage } from "@codemirror/lang-json";
import { bracketMatching, defaultHighlightStyle, foldGutter, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface SourceOptions {
  text: string;
  json: boolean;
  label: string;
  readOnly: boolean;
  changed: (text: string) => void;
  focus: () => void;
  blur: () => void;
}

export interface SourceEditor {
  /** Shows another text, unless one is typing in it. */
  show(text: string, readOnly: boolean): void;
  close(): void;
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent-text)" },
  { tag: tags.string, color: "var(--text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--ask)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "var(--text-sm)", backgroundColor: "var(--pane)", color: "var(--text)" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--text-3)", borderRight: "1px solid var(--line)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selected) !important" },
});

/** Tab leaves the field as any other, and Ctrl+Enter belongs to the screen around it: neither writes into the record. */
const typing = defaultKeymap.filter((binding) => binding.key !== "Mod-Enter");

/** Marks our own replacing of the text: it is not typing. */
const shown = Annotation.define<boolean>();

/** The text keeps its line ends: the Windows ones only where all are such. */
function lineEnd(text: string): string {
  return text.includes("\r\n") && !/(^|[^\r])\n/.test(text) ? "\r\n" : "\n";
}

export function openSource(parent: HTMLElement, options: SourceOptions): SourceEditor {
  const readOnly = new Compartment();
  const locked = (on: boolean) => [EditorState.readOnly.of(on), EditorView.editable.of(!on)];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(), foldGutter(), history(), drawSelection(), bracketMatching(), highlightSelectionMatches(),
        options.json ? jsonLanguage() : [],
        syntaxHighlighting(colours), syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
        keymap.of([...typing, ...historyKeymap, ...searchKeymap]),
        look, EditorView.lineWrapping, EditorState.lineSeparator.of(lineEnd(options.text)), readOnly.of(locked(options.readOnly)),
        // A stop for Tab also when it is only read: its text can be scrolled.
        EditorView.contentAttributes.of({ "aria-label": options.label, "aria-keyshortcuts": "Escape", spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((one) => one.annotation(shown))) options.changed(update.state.sliceDoc());
        }),
        EditorView.domEventHandlers({ focus: () => options.focus(), blur: () => options.blur() }),
      ],
    }),
  });
  return {
    show(text, lock) {
      if (view.state.readOnly !== lock) view.dispatch({ effects: readOnly.reconfigure(locked(lock)) });
      if (view.hasFocus || text === view.state.sliceDoc()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, annotations: shown.of(true) });
    },
    close() {
      view.destroy();
    },
  };
}
