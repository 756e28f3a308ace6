//! Tests of the workspace as a whole; there is nothing to use here. They are in `tests/`:
//!
//! - `architecture.rs`: who may depend on whom, and the house rules that a program can check.
//! - `plug_in/`: a chain from outside the workspace, registered with no change to any crate. A pattern to copy.
//! - `peers/`: the same results as other implementations, on random input.
//! - `interop/`: the same with programs in other languages; `interop/run` starts them.
#![forbid(unsafe_code)]
