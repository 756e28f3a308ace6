//! A store of the device, which a fingerprint, a face or the system's password opens.

use keyark_core::{Result, SecretText};

/// Keeps small secrets on this device, guarded by the system: the place where biometrics stand.
///
/// A vault asks it to keep the secret key of an age identity, one line of 74 bytes, to which the vault's own identity is sealed: the store opens that one slot,
/// of that one vault, on this one device. It is never the only way in: the password, and the recovery code, open the vault without it. So a store that has lost
/// its secrets (a new phone, a reset keychain, a new fingerprint) costs nothing but typing the password.
///
/// [`Keychain`](https://docs.rs/keyark-vault/latest/keyark_vault/struct.Keychain.html), behind the feature `keychain`, is the keychain of a desktop. An app
/// for phones brings its own:
///
/// | device | `store` | `load` |
/// |---|---|---|
/// | iOS, macOS | a keychain item, `kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly`, with an access control of `biometryCurrentSet` | the system shows Face ID or Touch ID when the item is read |
/// | Android | the secret sealed with a key of the Android Keystore that has `setUserAuthenticationRequired(true)`, in the app's own files | `BiometricPrompt` with that key as its `CryptoObject` |
/// | a passkey | the secret sealed with a key from the WebAuthn extension `prf` | the passkey is asked for the same `prf` value |
///
/// # What to promise
///
/// - `store` has kept the secret, for the next start of the device too, when it returns `Ok`; where it fails, what was there before may be there or not.
/// - Nothing leaves the device: no sync, no backup. A synced keychain would put the vault's key beside the vault.
/// - No call hangs. One that waits for a person returns [`ErrorKind::Cancelled`](keyark_core::ErrorKind::Cancelled) when that person declines or does not come.
/// - What fails otherwise is [`ErrorKind::Storage`](keyark_core::ErrorKind::Storage), with a remedy that ends in another way in. No error holds the secret.
/// - Calls come from any thread, several at once.
///
/// An entry's name is `keyark vault ` and the 32 hexadecimal digits of a random number. It identifies no wallet and no person; it need not be kept secret.
pub trait DeviceStore: Send + Sync {
    /// Keeps `secret` under `entry`, in place of what was there.
    ///
    /// # Errors
    /// As the trait says.
    fn store(&self, entry: &str, secret: &SecretText) -> Result<()>;

    /// What is kept under `entry`; `None` where there is nothing. May ask the person: a fingerprint, a face, the system's password.
    ///
    /// # Errors
    /// As the trait says. Nothing under that name is no error.
    fn load(&self, entry: &str) -> Result<Option<SecretText>>;

    /// Forgets what is kept under `entry`; nothing happens if it is not there.
    ///
    /// # Errors
    /// As the trait says.
    fn forget(&self, entry: &str) -> Result<()>;
}
