//! What a keystore file may ask for. [`Keystore::parse`](crate::Keystore::parse) checks all of it before anything
//! is derived.

/// The longest file, in bytes: 64 KiB. Files of one key have about 500; Trust Wallet's grow by about 400 for each
/// account that it lists.
pub const MAX_TEXT: usize = 64 * 1024;

/// The most memory that scrypt may take, 128 × N × r bytes: 1 GiB. That is four times the standard, and admits the
/// N = 2^20, r = 8 that some programs call paranoid.
pub const MAX_SCRYPT_MEMORY: u64 = 1 << 30;

/// The most work that scrypt may take, N × r × p: 2^26, 32 times the standard, or about half a minute.
pub const MAX_SCRYPT_WORK: u64 = 1 << 26;

/// The largest r and the largest p of scrypt. Files have r = 1 or 8 and p up to 16; this keeps the memory that
/// [`MAX_SCRYPT_MEMORY`] does not count, 128 × r × p bytes, below 8 MiB.
pub const MAX_SCRYPT_R_P: u64 = 256;

/// The most rounds of PBKDF2: 50,000,000, fifty times what this crate writes, or about half a minute.
pub const MAX_PBKDF2_ROUNDS: u64 = 50_000_000;

/// The shortest derived key, in bytes: half of it encrypts, half of it goes into the checksum (Web3 Secret Storage,
/// "Definition").
pub const MIN_DERIVED_KEY: u64 = 32;

/// The longest derived key, in bytes. All after the first 32 are unused.
pub const MAX_DERIVED_KEY: u64 = 64;

/// The longest salt, in bytes. Files have 32, some 16, and Trust Wallet's of 2021 to 2024 none.
pub const MAX_SALT: usize = 1024;

/// The longest ciphertext, in bytes. A key has 32; a phrase of 24 words in Japanese about 600.
pub const MAX_CIPHERTEXT: usize = 4096;
