//! The commands that are killed and find the disk full.

use super::*;

const OPEN: Scene = Scene {
    name: "",
    args: &[],
    prepare: clouds::two_wallets_in_box,
    by_steps: false,
    done: &[],
    makes_code: false,
    removes: None,
    keeps_a_code: false,
};

pub(super) const SCENES: &[Scene] = &[
    Scene {
        name: "cloud init",
        args: &["cloud", "init", "box", URL, "--no-recovery-code", "--work-factor", "1", "--cloud-password-file", OLD],
        prepare: clouds::two_wallets,
        ..OPEN
    },
    Scene {
        name: "cloud init with a code",
        args: &[
            "cloud",
            "init",
            "box",
            URL,
            "--recovery-code-out",
            NEW_CODE,
            "--work-factor",
            "1",
            "--cloud-password-file",
            OLD,
        ],
        prepare: clouds::two_wallets,
        by_steps: true,
        makes_code: true,
        ..OPEN
    },
    Scene {
        name: "backup cloud",
        args: &["backup", "cloud", "savings", "--to", "box", "--cloud-password-file", OLD, "--password-file", LOCAL],
        prepare: |world| {
            clouds::two_wallets(world);
            empty_box(world);
            back_up(world, "hot");
        },
        ..OPEN
    },
    Scene {
        name: "backup cloud, again",
        args: &["backup", "cloud", "savings", "--to", "box", "--cloud-password-file", OLD, "--password-file", LOCAL],
        prepare: |world| {
            clouds::two_wallets_in_box(world);
            let more = ["add-account", "savings", "--chain", "bitcoin", "--account", "1", "--password-file", LOCAL];
            world.run(&more).ok();
        },
        ..OPEN
    },
    Scene {
        name: "verify",
        args: &["verify", "--from", "box", "--cloud-password-file", OLD, "--password-file", LOCAL],
        ..OPEN
    },
    Scene {
        name: "cloud change-password",
        args: &[
            "cloud",
            "change-password",
            "box",
            "--work-factor",
            "1",
            "--cloud-password-file",
            OLD,
            "--new-password-file",
            NEW,
        ],
        by_steps: true,
        done: &["wrong-password"],
        keeps_a_code: true,
        ..OPEN
    },
    Scene {
        name: "cloud change-password --rekey",
        args: &[
            "cloud",
            "change-password",
            "box",
            "--rekey",
            "--work-factor",
            "1",
            "--cloud-password-file",
            OLD,
            "--new-password-file",
            NEW,
            "--recovery-code-out",
            NEW_CODE,
        ],
        by_steps: true,
        // Locked: killed between the manifest, with which the new password counts, and the header.
        done: &["wrong-password", "locked"],
        makes_code: true,
        ..OPEN
    },
    Scene {
        name: "cloud forgot-password",
        args: &[
            "cloud",
            "forgot-password",
            "box",
            "--work-factor",
            "1",
            "--new-password-file",
            NEW,
            "--recovery-code-out",
            NEW_CODE,
        ],
        by_steps: true,
        done: &["usage"],
        makes_code: true,
        ..OPEN
    },
    Scene {
        name: "cloud recovery-code",
        args: &[
            "cloud",
            "recovery-code",
            "box",
            "--work-factor",
            "1",
            "--cloud-password-file",
            OLD,
            "--recovery-code-out",
            NEW_CODE,
        ],
        by_steps: true,
        makes_code: true,
        keeps_a_code: true,
        ..OPEN
    },
    Scene {
        name: "cloud merge",
        args: &["cloud", "merge", "box", "--cloud-password-file", NEW, "--old-password-file", OLD],
        prepare: |world| {
            clouds::two_wallets_in_box(world);
            let forgot = [
                "cloud",
                "forgot-password",
                "box",
                "--no-recovery-code",
                "--work-factor",
                "1",
                "--new-password-file",
                NEW,
            ];
            world.run(&forgot).ok();
        },
        ..OPEN
    },
    Scene {
        name: "cloud remove --wallet",
        args: &["cloud", "remove", "box", "--wallet", "hot", "--force", "--cloud-password-file", OLD],
        done: &["not-found"],
        removes: Some("hot"),
        ..OPEN
    },
    Scene {
        name: "restore cloud, into nothing",
        args: &["restore", "cloud", URL, "--cloud-password-file", OLD, "--password-file", LOCAL, "--work-factor", "1"],
        prepare: |world| {
            clouds::two_wallets_in_box(world);
            std::fs::remove_dir_all(world.place.path("home")).unwrap();
        },
        ..OPEN
    },
    Scene {
        name: "restore cloud, beside others",
        args: &["restore", "cloud", "box", "--cloud-password-file", OLD, "--password-file", LOCAL],
        prepare: |world| {
            clouds::two_wallets_in_box(world);
            world.run(&["remove", "hot", "--force", "--password-file", LOCAL]).ok();
        },
        ..OPEN
    },
];
