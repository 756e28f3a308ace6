//! The walk in plain Rust.
#![allow(clippy::indexing_slicing, reason = "buffers of one length, sized here")]

use zeroize::Zeroize;

use super::field::Field;
use super::point::AffinePoint;
use super::table::{Entry, NEGATIVE, Pick};
use super::walk::Walk;

/// The slots, one after the other.
pub(super) struct Portable {
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Default, Zeroize)]
struct Slot {
    /// The coordinates of the sum.
    x: Field,
    y: Field,
    /// The difference of the points' x.
    dx: Field,
    /// The product of the differences before this one.
    before: Field,
}

impl Walk for Portable {
    fn new(slots: usize) -> Self {
        Self { slots: vec![Slot::default(); slots] }
    }

    fn set(&mut self, points: &[Entry], picks: &[Pick]) {
        for (slot, &pick) in self.slots.iter_mut().zip(picks) {
            (slot.x, slot.y) = (x_of(points, pick), y_of(points, pick));
        }
    }

    fn add(&mut self, points: &[Entry], picks: &[Pick], met: &mut Vec<usize>) {
        let mut product = self.differences(points, picks, None);
        if product.is_zero() {
            product = self.differences(points, picks, Some(met));
        }
        let mut inverse = product.invert();
        for (slot, &pick) in self.slots.iter_mut().zip(picks).rev() {
            let slope = y_of(points, pick).sub(slot.y).mul(&inverse.mul(&slot.before));
            inverse = inverse.mul(&slot.dx);
            let x3 = slope.square().sub(slot.x).sub(x_of(points, pick));
            slot.y = slope.mul(&slot.x.sub(x3)).sub(slot.y);
            slot.x = x3;
        }
    }

    fn get(&self, first: usize, out: &mut [Entry]) {
        for (out, slot) in out.iter_mut().zip(&self.slots[first..]) {
            *out = Entry(AffinePoint { x: slot.x.to_words(), y: slot.y.to_words() });
        }
    }

    fn wipe(&mut self) {
        self.slots.zeroize();
    }
}

impl Portable {
    /// The way up: the differences of the x, and the product of all of them. With `met`, differences of zero are put down
    /// there and 1 taken in their place.
    fn differences(&mut self, points: &[Entry], picks: &[Pick], mut met: Option<&mut Vec<usize>>) -> Field {
        let mut product = Field::ONE;
        for (at, (slot, &pick)) in self.slots.iter_mut().zip(picks).enumerate() {
            let mut dx = x_of(points, pick).sub(slot.x);
            if let Some(met) = &mut met
                && dx.is_zero()
            {
                met.push(at);
                dx = Field::ONE;
            }
            (slot.dx, slot.before) = (dx, product);
            product = product.mul(&dx);
        }
        product
    }
}

#[inline]
fn x_of(points: &[Entry], pick: Pick) -> Field {
    Field(points[(pick & !NEGATIVE) as usize].0.x)
}

#[inline]
fn y_of(points: &[Entry], pick: Pick) -> Field {
    let y = Field(points[(pick & !NEGATIVE) as usize].0.y);
    if pick & NEGATIVE == 0 { y } else { y.negate() }
}
