//! Many addresses, shown as they come.

use std::ops::ControlFlow;

use keyark::{KeyAddress, RangeAddress, Result};

use super::list::Sheet;
use super::row::Row;
use super::select::Selected;
use crate::ui::Ui;

/// What rows are made of, and where they go.
pub(super) struct Rows<'a, 'ui> {
    pub(super) one: &'a Selected,
    pub(super) sheet: &'a mut Sheet,
    pub(super) ui: &'a mut Ui<'ui>,
}

impl Rows<'_, '_> {
    /// Shows what `derive` hands out, until it ends or nobody reads it any more.
    pub(super) fn show(
        &mut self,
        path_of: impl Fn(u32) -> Result<Option<String>>,
        derive: impl FnOnce(&mut dyn FnMut(RangeAddress) -> ControlFlow<()>) -> Result<()>,
    ) -> Result<()> {
        let mut shown = Ok(());
        derive(&mut |RangeAddress { at, found }| {
            shown = path_of(at).and_then(|path| self.row(path, &found));
            match shown.is_err() || self.ui.is_broken() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })?;
        shown
    }

    fn row(&mut self, path: Option<String>, KeyAddress { key, address }: &KeyAddress) -> Result<()> {
        let row = Row::new(self.one, path, address, key, None);
        self.sheet.row(&row, self.ui)
    }
}
