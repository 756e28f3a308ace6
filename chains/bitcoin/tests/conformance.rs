//! The demands that every chain of keyark meets.

mod common;

keyark_conformance::conformance!(keyark_bitcoin::BITCOIN, common::vectors());
