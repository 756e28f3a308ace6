//! Points of the curve y² = x³ + 7, and why there is none.

use std::fmt;

use zeroize::Zeroize;

use super::field::{Field, P};
use super::scalar::{be_bytes, be_words, is_below};

/// A point of secp256k1 other than the point at infinity, by its coordinates. It can be kept and given to further calls,
/// which saves the square root that reading a compressed key takes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Zeroize)]
pub struct AffinePoint {
    // Both below p, in words of 64 bits, the lowest first.
    pub(super) x: [u64; 4],
    pub(super) y: [u64; 4],
}

/// Why there is no key for a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoKey {
    /// The scalar is the order n of the group or more.
    AboveOrder,
    /// The result is zero as a scalar, or the point at infinity as a point.
    Zero,
}

impl fmt::Display for NoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AboveOrder => "the scalar is not below the order of secp256k1",
            Self::Zero => "the result is zero, or the point at infinity",
        })
    }
}

impl std::error::Error for NoKey {}

impl AffinePoint {
    /// The base point G (SEC 2, section 2.4.1).
    pub const GENERATOR: Self = Self {
        x: [0x59f2_815b_16f8_1798, 0x029b_fcdb_2dce_28d9, 0x55a0_6295_ce87_0b07, 0x79be_667e_f9dc_bbac],
        y: [0x9c47_d08f_fb10_d4b8, 0xfd17_b448_a685_5419, 0x5da4_fbfc_0e11_08a8, 0x483a_da77_26a3_c465],
    };

    /// Reads a compressed key (SEC 1, section 2.3.4); `None` if it is no point of the curve. Takes a square root.
    #[must_use]
    pub fn from_compressed(key: &[u8; 33]) -> Option<Self> {
        let (&sign, x) = key.split_first()?;
        let x = coordinate(x)?;
        let y = curve(Field(x)).sqrt()?.to_words();
        let point = Self { x, y };
        match sign {
            2 => Some(point.with_even_y()),
            3 => Some(point.with_even_y().negate()),
            _ => None,
        }
    }

    /// Reads an uncompressed key (SEC 1, section 2.3.4); `None` if it is no point of the curve.
    #[must_use]
    pub fn from_uncompressed(key: &[u8; 65]) -> Option<Self> {
        let (&4, coordinates) = key.split_first()? else { return None };
        let (x, y) = coordinates.split_at_checked(32)?;
        let (x, y) = (coordinate(x)?, coordinate(y)?);
        let on_curve = Field(y).square().is_equal(curve(Field(x)));
        on_curve.then_some(Self { x, y })
    }

    /// The compressed key (SEC 1, section 2.3.3).
    #[must_use]
    pub fn to_compressed(&self) -> [u8; 33] {
        let mut key = [0; 33];
        let (sign, x) = key.split_at_mut(1);
        sign.fill(2 + u8::from(self.is_y_odd()));
        x.copy_from_slice(&be_bytes(&self.x));
        key
    }

    /// The uncompressed key (SEC 1, section 2.3.3).
    #[must_use]
    pub fn to_uncompressed(&self) -> [u8; 65] {
        let mut key = [4; 65];
        let (_, coordinates) = key.split_at_mut(1);
        coordinates.copy_from_slice(&self.to_coordinates());
        key
    }

    /// x and y without the leading byte: what an Ethereum address is the Keccak-256 hash of.
    #[must_use]
    pub fn to_coordinates(&self) -> [u8; 64] {
        let mut both = [0; 64];
        let (x, y) = both.split_at_mut(32);
        x.copy_from_slice(&be_bytes(&self.x));
        y.copy_from_slice(&be_bytes(&self.y));
        both
    }

    /// x alone: a public key of BIP-340.
    #[must_use]
    pub fn to_x_only(&self) -> [u8; 32] {
        be_bytes(&self.x)
    }

    /// Whether y is odd, which a compressed key says in its first byte.
    #[must_use]
    pub fn is_y_odd(&self) -> bool {
        let [lowest, ..] = self.y;
        lowest & 1 == 1
    }

    /// The point with the same x whose y is even: what BIP-340 and BIP-341 take a key for.
    #[must_use]
    pub fn with_even_y(self) -> Self {
        if self.is_y_odd() { self.negate() } else { self }
    }

    /// The point with the same x and the other y.
    #[must_use]
    pub fn negate(self) -> Self {
        Self { y: Field(self.y).negate().to_words(), ..self }
    }

    /// The sum of two points, either of which may be infinity (`None`): the complete law, an inverse for every sum.
    pub(super) fn add_complete(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        let (Some(first), Some(second)) = (first, second) else { return first.or(second) };
        let [x1, y1, x2, y2] = [first.x, first.y, second.x, second.y].map(Field);
        let slope = if first.x != second.x {
            y2.sub(y1).mul(&x2.sub(x1).invert())
        } else if first.y == second.y {
            // No point has y = 0: the order of the group is odd.
            let square = x1.square();
            square.add(square).add(square).mul(&y1.add(y1).invert())
        } else {
            return None;
        };
        let x3 = slope.square().sub(x1).sub(x2);
        let y3 = slope.mul(&x1.sub(x3)).sub(y1);
        Some(Self { x: x3.to_words(), y: y3.to_words() })
    }
}

impl fmt::Debug for AffinePoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AffinePoint(")?;
        self.to_compressed().iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// A coordinate from its bytes, if there are 32 of them and they are below p (SEC 1, section 2.3.6).
fn coordinate(bytes: &[u8]) -> Option<[u64; 4]> {
    let words = be_words(bytes.try_into().ok()?);
    is_below(&words, &P).then_some(words)
}

/// x³ + 7.
fn curve(x: Field) -> Field {
    x.square().mul(&x).add(Field([7, 0, 0, 0]))
}
