//! Secrets: in the keychain of the computer, never in the database, an argument or a log.

use std::sync::Arc;

/// A password or token. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Takes a secret.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The text, for a request's sign-in only.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(...)")
    }
}

/// Why a secret cannot be kept or read.
#[derive(Debug, thiserror::Error)]
#[error(
    "the keychain of this computer cannot be used ({words}); unlock it, or give the secret in MATCHBOOK_SECRET"
)]
pub struct KeychainError {
    /// The system's words.
    pub words: String,
}

/// Where secrets are kept.
#[derive(Clone, Debug)]
pub struct Keychain {
    /// Tells data folders apart: two of them may hold sources of the same name.
    home: String,
    /// `MATCHBOOK_SECRET`, for scripts and machines without a keychain: used for every source.
    given: Option<Secret>,
}

const SERVICE: &str = "Matchbook";

impl Keychain {
    /// The keychain for one data folder.
    pub fn new(home: &std::path::Path) -> Self {
        let given = std::env::var("MATCHBOOK_SECRET").ok().filter(|s| !s.is_empty()).map(Secret::new);
        let home = home.canonicalize().unwrap_or_else(|_| home.to_owned());
        Self {
            home: blake3::hash(home.as_os_str().as_encoded_bytes()).to_hex().chars().take(16).collect(),
            given,
        }
    }

    /// Keeps a secret for a source.
    ///
    /// # Errors
    /// There is no keychain, or it is locked.
    pub async fn keep(&self, source: &str, secret: Secret) -> Result<(), KeychainError> {
        if self.given.as_ref() == Some(&secret) {
            return Ok(());
        }
        self.with_entry(source, move |entry| entry.set_password(secret.expose())).await
    }

    /// The secret of a source, if there is one.
    ///
    /// # Errors
    /// There is no keychain, or it is locked.
    pub async fn secret(&self, source: &str) -> Result<Option<Secret>, KeychainError> {
        if let Some(given) = &self.given {
            return Ok(Some(given.clone()));
        }
        self.with_entry(source, |entry| match entry.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(e) => Err(e),
        })
        .await
    }

    /// Forgets the secret of a source.
    ///
    /// # Errors
    /// There is no keychain, or it is locked.
    pub async fn forget(&self, source: &str) -> Result<(), KeychainError> {
        self.with_entry(source, |entry| match entry.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(e) => Err(e),
        })
        .await
    }

    /// The keychain talks over D-Bus and may ask the person: never on a thread that others wait for.
    async fn with_entry<T: Send + 'static>(
        &self,
        source: &str,
        action: impl FnOnce(&keyring::Entry) -> Result<T, keyring::Error> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let account = format!("{}/{source}", self.home);
        let work = move || keyring::Entry::new(SERVICE, &account).and_then(|entry| action(&entry));
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(KeychainError { words: reason(&error) }),
            Err(_) => Err(KeychainError { words: "it stopped answering".to_owned() }),
        }
    }
}

/// The reason there is no keychain says more than that there is none.
fn reason(error: &keyring::Error) -> String {
    match (error, keyring::Entry::store_status()) {
        (keyring::Error::NoDefaultStore, Err(why)) => why.to_string(),
        _ => error.to_string(),
    }
}
