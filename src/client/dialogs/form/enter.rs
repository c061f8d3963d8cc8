//! Enter in a form, and lists that narrow to what is typed in the field they fill.
//!
//! Must not know: what the form is for.

use super::values::FieldKey;
use super::{Form, FormAnswer, FormPart, Item, List};

impl Form {
    /// Enter moves to the next field if that is still empty, and otherwise presses a button. In a list that fills a field,
    /// it fills the field and moves to the next empty one; in that field, it first takes the first row of the list.
    pub(super) fn enter(&mut self) -> FormAnswer {
        if let Some(FormPart::List(List { fills: Some(key), .. })) = self.parts.get(self.focus) {
            let key = *key;
            if let Some(written) = self.picked().map(|item| item.value.written()) {
                self.set_field(key, &written);
            }
            let empty = |part: &FormPart| matches!(part, FormPart::Field(field) if field.editor.is_empty());
            if let Some(next) = self.parts.iter().position(empty) {
                self.focus = next;
                return FormAnswer::Open;
            }
            return FormAnswer::Pressed(self.press(0));
        }
        if let Some(FormPart::Buttons { at, .. }) = self.parts.get(self.focus) {
            return at.map_or(FormAnswer::Open, |at| FormAnswer::Pressed(self.press(at)));
        }
        let took = self.take_first(false);
        let next = (self.focus + 1..self.parts.len()).find(|&at| self.parts.get(at).is_some_and(FormPart::takes_keys));
        let from_field = matches!(self.parts.get(self.focus), Some(FormPart::Field(_)));
        if let (true, Some(next)) = (from_field, next)
            && matches!(self.parts.get(next), Some(FormPart::Field(field)) if field.editor.text().is_empty())
        {
            self.focus = next;
            return FormAnswer::Open;
        }
        // What was taken is to be seen before it is acted on.
        if took { FormAnswer::Open } else { FormAnswer::Pressed(self.press(0)) }
    }

    /// The list narrows to what is typed in the field that has the focus, if it fills that field.
    pub(super) fn narrow(&mut self) {
        let Some(FormPart::Field(field)) = self.parts.get(self.focus) else { return };
        let (key, text) = (field.key, field.editor.text());
        if let Some(list) = self.list_of(key) {
            list.filter = text.trim().to_owned();
            list.at = 0;
        }
    }

    /// Puts the first row of the list into the field that has the focus, if the list fills it and the text there begins
    /// one of its rows but is none. Only once, unless `again`: what is typed afterwards stays. Returns whether it did.
    pub(super) fn take_first(&mut self, again: bool) -> bool {
        let Some(FormPart::Field(field)) = self.parts.get(self.focus) else { return false };
        let (key, typed, took) = (field.key, field.editor.text(), field.took);
        let small = typed.trim().to_lowercase();
        let Some(list) = self.list_of(key).filter(|_| (again || !took) && !small.is_empty()) else { return false };
        let exact = list.shown().any(|item| item.value.written().to_lowercase() == small);
        let begins = |item: &&Item| item.value.written().to_lowercase().starts_with(&small) || item.begins(&small);
        let Some(first) = list.shown().find(begins).map(|item| item.value.written()) else { return false };
        if exact || first.is_empty() {
            return false;
        }
        self.set_field(key, &first);
        if let Some(FormPart::Field(field)) = self.parts.get_mut(self.focus) {
            field.took = true;
        }
        true
    }

    /// The list that fills a field.
    fn list_of(&mut self, key: FieldKey) -> Option<&mut List> {
        self.list().filter(|list| list.fills == Some(key))
    }
}
