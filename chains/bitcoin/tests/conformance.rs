//! The demands that every chain of keyark meets.

use keyark_conformance::{conformance, data};

conformance!(keyark_bitcoin::BITCOIN, data::vectors(include_str!("data/bip44_49_84_86.json")));
