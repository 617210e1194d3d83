//! The window shows our own page and nothing else: every other address is refused (SECURITY.md).

use tauri::Runtime;
use tauri::plugin::{Builder, TauriPlugin};

/// Refuses navigation away from the app's page.
pub fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("stay").on_navigation(|_, url| is_ours(url)).build()
}

fn is_ours(url: &tauri::Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", _) | ("http" | "https", Some("tauri.localhost")) | ("about", None) => true,
        // The page of the development server, in builds made for it.
        ("http", Some("localhost")) => cfg!(all(debug_assertions, not(feature = "custom-protocol"))),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_our_own_page() {
        let ours = |text: &str| is_ours(&text.parse().unwrap());
        assert!(ours("tauri://localhost/index.html"));
        assert!(ours("http://tauri.localhost/"));
        assert!(!ours("https://example.org/"));
        assert!(!ours("file:///etc/passwd"));
        assert!(!ours("data:text/html,hello"));
    }
}
