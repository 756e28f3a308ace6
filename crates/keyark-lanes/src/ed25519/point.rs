//! Points of −x² + y² = 1 + d·x²·y² over the field, the curve of RFC 8032, section 5.1.

use zeroize::Zeroize;

use super::field::Field;

/// The x of the base point (RFC 8032, section 5.1), in words, the lowest first; its y is 4/5.
const BASE_X: [u64; 4] = [0xc956_2d60_8f25_d51a, 0x692c_c760_9525_a7b2, 0xc0a4_e231_fdd6_dc5c, 0x2169_36d3_cd6e_53fe];

/// The curve's constant d, −121665/121666.
pub(super) fn curve_d() -> Field {
    let negated = Field::from_u32(121_665).times(Field::from_u32(121_666).inverse());
    Field::ZERO.minus(negated)
}

/// A point (X/Z, Y/Z) with T = X·Y/Z (Hisil, Wong, Carter and Dawson 2008, section 3), as an addition wants it: with
/// Y + X and Y − X in place of X and Y.
#[derive(Clone, Copy, Zeroize)]
pub(super) struct Point {
    pub(super) sum: Field,
    pub(super) difference: Field,
    pub(super) z: Field,
    pub(super) t: Field,
}

/// A point (x, y) as it is added to others: (y + x)/2, (y − x)/2 and d·x·y.
///
/// With the halves an addition need not double Z: all coordinates come out a quarter of what the paper's are.
#[derive(Clone, Copy)]
pub(super) struct Addend {
    pub(super) sum: Field,
    pub(super) difference: Field,
    pub(super) product: Field,
}

/// A point (X/Z, Y/Z).
#[derive(Clone, Copy, Zeroize)]
pub(super) struct Projective {
    pub(super) x: Field,
    pub(super) y: Field,
    pub(super) z: Field,
}

/// An addition before its last multiplications: E, F, G and H of the paper.
pub(super) struct Factors {
    e: Field,
    f: Field,
    g: Field,
    h: Field,
}

impl Point {
    /// The base point (RFC 8032, section 5.1).
    pub(super) fn base() -> Self {
        let (x, y) = (Field::from_words(BASE_X), Field::from_u32(4).times(Field::from_u32(5).inverse()));
        Self { sum: y.plus(x), difference: y.minus(x), z: Field::ONE, t: x.times(y) }
    }

    /// The point (−x, y).
    pub(super) fn negated(&self) -> Self {
        Self { sum: self.difference, difference: self.sum, z: self.z, t: Field::ZERO.minus(self.t) }
    }

    /// The first part of an addition (the paper's section 3.1 with a = −1 and Z₂ = 1), which is complete: it holds for
    /// any two points.
    #[inline(always)]
    pub(super) fn add(&self, addend: &Addend) -> Factors {
        let a = self.difference.times(addend.difference);
        let b = self.sum.times(addend.sum);
        let c = self.t.times(addend.product);
        Factors { e: b.minus(a), f: self.z.minus(c), g: self.z.plus(c), h: b.plus(a) }
    }

    /// The same for a point of any Z, given 2d: for building tables.
    pub(super) fn add_projective(&self, other: &Self, d2: Field) -> Factors {
        let a = self.difference.times(other.difference);
        let b = self.sum.times(other.sum);
        let c = self.t.times(other.t).times(d2);
        let z = self.z.times(other.z);
        let d = z.plus(z);
        Factors { e: b.minus(a), f: d.minus(c), g: d.plus(c), h: b.plus(a) }
    }

    /// Without T.
    pub(super) fn projective(&self) -> Projective {
        // (Y + X) − (Y − X) and (Y + X) + (Y − X) are twice what they should be, and so is Z + Z.
        let difference = self.difference.tight();
        Projective { x: self.sum.minus(difference), y: self.sum.plus(difference), z: self.z.plus(self.z) }
    }
}

impl Factors {
    /// The sum: the last four multiplications.
    #[inline(always)]
    pub(super) fn point(&self) -> Point {
        let x = self.e.times(self.f);
        let y = self.g.times(self.h);
        Point { sum: y.plus(x), difference: y.minus(x), z: self.f.times(self.g), t: self.e.times(self.h) }
    }
}
