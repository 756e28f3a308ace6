//! Rounds written out.

/// Runs the body for each `i` below the number, written out: in a loop the words would live in memory.
macro_rules! unroll {
    ($i:ident < 5 => $body:block) => {
        $crate::unroll::unroll!(@each $i $body 0 1 2 3 4)
    };
    ($i:ident < 16 => $body:block) => {
        $crate::unroll::unroll!(@each $i $body 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    ($i:ident < 25 => $body:block) => {
        $crate::unroll::unroll!(@each $i $body 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24)
    };
    (@each $i:ident $body:block $($n:literal)*) => {
        $({ const $i: usize = $n; $body })*
    };
}
pub(crate) use unroll;
