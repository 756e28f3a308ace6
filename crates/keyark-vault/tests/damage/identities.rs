//! The identity's two files: either is enough, and an old password does not come back.

use super::*;

#[test]
fn either_file_of_the_identity_is_enough() {
    let files = three().files();
    for file in [IDENTITY, COPY] {
        for (how, bytes) in damages(&files[file], 40) {
            let memory = damaged(&files, file, bytes);
            let wrong = open(memory.arc(), NEW).unwrap_err();
            assert_eq!(wrong.kind(), ErrorKind::WrongPassword, "{file}, {how}: {wrong:?}");
            let mut vault = open(memory.arc(), OLD).unwrap_or_else(|error| panic!("{file}, {how}: {error}"));
            let finding = find_warning(&vault, "identity-copy").unwrap_or_else(|| panic!("{file}, {how}"));
            assert!(finding.message().contains(file), "{how}: {finding}");
            assert_eq!(contents(&vault).len(), 3);
            assert!(vault.broken().is_none() && vault.export_policy(None).is_ok(), "{file}, {how}");
            vault.add(&wallet("d", 4), at(9)).unwrap();
            assert!(memory.get(IDENTITY) == memory.get(COPY), "{file}, {how}: put right");
            assert!(open(memory.arc(), OLD).unwrap().findings().is_empty(), "{file}, {how}");
        }
    }
}

#[test]
fn where_both_files_of_the_identity_are_damaged_the_error_says_so() {
    let files = three().files();
    for (how, bytes) in damages(&files[IDENTITY], 40) {
        let memory = damaged(&files, IDENTITY, bytes.clone());
        match bytes {
            Some(bytes) => memory.put(COPY, &bytes),
            None => _ = memory.take(COPY),
        }
        let error = open(memory.arc(), OLD).expect_err(&how);
        let known = [ErrorKind::WrongPassword, ErrorKind::Malformed, ErrorKind::NotFound, ErrorKind::OutOfBounds];
        assert!(known.contains(&error.kind()), "{how}: {error:?}");
        let named = error.kind() == ErrorKind::WrongPassword || names_file(&error, IDENTITY);
        assert!(named, "{how}: {error}");
    }
}

#[test]
fn an_old_password_does_not_come_back_with_a_repaired_copy() {
    for file in [IDENTITY, COPY] {
        let memory = three();
        memory.put(file, b"damaged");
        let mut slow = open(memory.arc(), OLD).unwrap(); // knows what belongs into the damaged file
        let mut other = open(memory.arc(), OLD).unwrap();
        other.change_password(&new_password(NEW), work(), at(8)).unwrap();
        slow.add(&wallet("d", 4), at(9)).unwrap();
        assert!(open(memory.arc(), NEW).is_ok());
        let old = open(memory.arc(), OLD);
        assert!(old.is_err(), "the changed password {file} opens the vault again");
    }
}
