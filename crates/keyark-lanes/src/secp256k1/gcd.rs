//! Inverses by division steps: Bernstein and Yang, "Fast constant-time gcd computation and modular inversion", 2019, in a
//! variable time that takes all even steps at once. Three times as fast as the power p - 2.
//!
//! f and g start as p and x, and steps of one bit bring g to 0 and f to ±1. What 62 steps do to the two depends on their
//! lowest 62 bits only, and is a matrix over 2^62; it is made from words first and applied to the long numbers then. d and
//! e follow f and g with d·x ≡ f and e·x ≡ g modulo p.
#![allow(clippy::indexing_slicing, reason = "arrays of fixed size at constant places")]

use super::field::{FOLD, Field};

/// Steps at a time.
const STEPS: u32 = 62;
const LOW: i64 = (1 << STEPS) - 1;

/// A signed number in five limbs of 62 bits, the lowest first, of which the highest has the sign.
#[derive(Clone, Copy)]
struct Signed([i64; 5]);

/// p = 2^256 - `FOLD`: limbs need not be positive.
const P: Signed = Signed([-(FOLD as i64), 0, 0, 0, 1 << 8]);

/// The inverse of p modulo 2^62, by Newton's iteration.
const P_INVERSE: i64 = {
    let p = (FOLD as i64).wrapping_neg();
    let mut inverse = p;
    let mut round = 0;
    // A number is its own inverse modulo 8, and every round doubles the bits: 3, 6, 12, 24, 48, 96.
    while round < 5 {
        inverse = inverse.wrapping_mul(2_i64.wrapping_sub(p.wrapping_mul(inverse)));
        round += 1;
    }
    inverse & LOW
};

/// 2^62·(f', g') = (u·f + v·g, q·f + r·g).
struct Matrix {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

impl Field {
    /// The inverse; that of 0 is 0. Takes a time that depends on the value.
    pub(super) fn invert(&self) -> Self {
        let (mut f, mut g) = (P, Signed::from_words(self.to_words()));
        let (mut d, mut e) = (Signed([0; 5]), Signed([1, 0, 0, 0, 0]));
        let mut minus_delta = -1;
        while g.0 != [0; 5] {
            let matrix;
            (minus_delta, matrix) = steps(minus_delta, f.0[0] as u64, g.0[0] as u64);
            (f, g) = matrix.apply(f, g, 0, 0);
            (d, e) = matrix.apply_mod_p(d, e);
        }
        let inverse = Self(d.to_words());
        if f.0[4] < 0 { inverse.negate() } else { inverse }
    }
}

/// 62 division steps on the lowest bits of f and g. The number that the paper calls δ comes and goes with its sign turned.
fn steps(mut minus_delta: i32, mut f: u64, mut g: u64) -> (i32, Matrix) {
    let (mut u, mut v, mut q, mut r) = (1_u64, 0_u64, 0_u64, 1_u64);
    let mut left = STEPS;
    loop {
        let even = (g | u64::MAX << left).trailing_zeros();
        g >>= even;
        u <<= even;
        v <<= even;
        minus_delta -= even as i32;
        left -= even;
        if left == 0 {
            return (minus_delta, Matrix { u: u as i64, v: v as i64, q: q as i64, r: r as i64 });
        }
        if minus_delta < 0 {
            minus_delta = -minus_delta;
            (f, g) = (g, f.wrapping_neg());
            (u, q) = (q, u.wrapping_neg());
            (v, r) = (r, v.wrapping_neg());
        }
        // No swap comes within this many steps, so that all of them together add one multiple of f that clears up to six
        // bits of g: f·(f² - 2) is -1/f modulo 64.
        let bits = (minus_delta as u32 + 1).min(left).min(6);
        let inverse = f.wrapping_mul(f.wrapping_mul(f).wrapping_sub(2));
        let times = g.wrapping_mul(inverse) & ((1 << bits) - 1);
        g = g.wrapping_add(f.wrapping_mul(times));
        q = q.wrapping_add(u.wrapping_mul(times));
        r = r.wrapping_add(v.wrapping_mul(times));
    }
}

impl Matrix {
    /// The matrix times (a, b), plus `more_a` and `more_b` times p, over 2^62, which must divide it.
    fn apply(&self, a: Signed, b: Signed, more_a: i64, more_b: i64) -> (Signed, Signed) {
        let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
        let row = |s: i64, t: i64, more: i64| {
            let mut result = [0; 5];
            let mut sum = 0;
            for at in 0..5 {
                sum += product(s, a.0[at]) + product(t, b.0[at]) + product(more, P.0[at]);
                if at > 0 {
                    result[at - 1] = sum as i64 & LOW;
                }
                sum >>= STEPS;
            }
            result[4] = sum as i64;
            Signed(result)
        };
        (row(self.u, self.v, more_a), row(self.q, self.r, more_b))
    }

    /// The same modulo p, for d and e between -2p and p, which the results are too.
    fn apply_mod_p(&self, d: Signed, e: Signed) -> (Signed, Signed) {
        // What makes up for negative d and e, less what makes the lowest 62 bits zero.
        let more = |s: i64, t: i64| {
            let lift = (s & d.0[4] >> 63) + (t & e.0[4] >> 63);
            let low = s.wrapping_mul(d.0[0]).wrapping_add(t.wrapping_mul(e.0[0]));
            lift - (P_INVERSE.wrapping_mul(low).wrapping_add(lift) & LOW)
        };
        self.apply(d, e, more(self.u, self.v), more(self.q, self.r))
    }
}

impl Signed {
    fn from_words(words: [u64; 4]) -> Self {
        let [a, b, c, d] = words;
        let limbs = [a, a >> 62 | b << 2, b >> 60 | c << 4, c >> 58 | d << 6];
        let [a, b, c, e] = limbs.map(|limb| limb as i64 & LOW);
        Self([a, b, c, e, (d >> 56) as i64])
    }

    /// The value modulo p, of a number between -2p and p.
    fn to_words(self) -> [u64; 4] {
        let mut limbs = self.0;
        for _ in 0..2 {
            if limbs[4] < 0 {
                limbs[0] += P.0[0];
                limbs[4] += P.0[4];
                for at in 0..4 {
                    limbs[at + 1] += limbs[at] >> STEPS;
                    limbs[at] &= LOW;
                }
            }
        }
        let [a, b, c, d, e] = limbs.map(|limb| limb as u64);
        [a | b << 62, b >> 2 | c << 60, c >> 4 | d << 58, d >> 6 | e << 56]
    }
}
