//! The demands that every chain of keyark meets.

mod common;

keyark_conformance::conformance!(keyark_ethereum::ETHEREUM, common::vectors());
