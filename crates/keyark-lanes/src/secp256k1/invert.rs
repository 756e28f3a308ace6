//! Many inverses from one, and square roots.

use super::field::Field;

/// The inverses of all values from a single one; `None` if one of them is zero.
#[cfg(target_arch = "x86_64")]
pub(super) fn invert_all<const N: usize>(values: &[Field; N]) -> Option<[Field; N]> {
    let mut product = Field::ONE;
    let mut inverses = values.map(|value| {
        let before = product;
        product = product.mul(&value);
        before
    });
    if product.is_zero() {
        return None;
    }
    let mut inverse = product.invert();
    for (before, value) in inverses.iter_mut().zip(values).rev() {
        *before = before.mul(&inverse);
        inverse = inverse.mul(value);
    }
    Some(inverses)
}

impl Field {
    /// A square root, `self`^((p + 1) / 4); `None` if it is not a square.
    pub(super) fn sqrt(&self) -> Option<Self> {
        // The exponent in binary is 223 ones, a zero, 22 ones, and 00001100.
        let x2 = self.square().mul(self);
        let x3 = x2.square().mul(self);
        let x6 = x3.square_times(3).mul(&x3);
        let x9 = x6.square_times(3).mul(&x3);
        let x11 = x9.square_times(2).mul(&x2);
        let x22 = x11.square_times(11).mul(&x11);
        let x44 = x22.square_times(22).mul(&x22);
        let x88 = x44.square_times(44).mul(&x44);
        let x176 = x88.square_times(88).mul(&x88);
        let x220 = x176.square_times(44).mul(&x44);
        let x223 = x220.square_times(3).mul(&x3);
        let root = x223.square_times(23).mul(&x22).square_times(6).mul(&x2).square_times(2);
        root.square().is_equal(*self).then_some(root)
    }

    fn square_times(&self, times: u32) -> Self {
        (0..times).fold(*self, |power, _| power.square())
    }
}
