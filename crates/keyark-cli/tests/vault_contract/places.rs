//! Where the vault is, and help for each command.

use super::*;

const NEW: [&str; 6] = ["new", "savings", "--password-file", "password.txt", "--work-factor", "2"];
const LIST: [&str; 4] = ["list", "--password-file", "password.txt", "--json"];

#[test]
fn home_beats_the_environment_and_that_the_default() {
    let home = VaultHome::new();
    let run = |args: &[&str], variable: Option<&(&str, std::path::PathBuf)>| {
        let mut command = home.command(args);
        command.envs(variable.cloned());
        finish(command, "")
    };
    let named = ("KEYARK_HOME", home.path("named"));
    run(&[&NEW[..], &["--home", "flag"]].concat(), Some(&named)).ok();
    assert!(home.path("flag/keyark-vault.json").is_file() && !home.path("named").exists());
    run(&NEW, Some(&named)).ok();
    assert!(home.path("named/keyark-vault.json").is_file());
    assert_eq!(run(&LIST, Some(&named)).ok().objects().len(), 1);

    let data = ("XDG_DATA_HOME", home.path("data"));
    run(&NEW, Some(&data)).ok();
    assert_eq!(run(&LIST, Some(&data)).ok().objects().len(), 1);
    if cfg!(target_os = "linux") {
        assert!(home.path("data/keyark/keyark-vault.json").is_file());
        run(&NEW, None).ok();
        assert!(home.path(".local/share/keyark/keyark-vault.json").is_file());
    }
}

#[test]
fn a_folder_of_many_levels_is_made() {
    let home = VaultHome::new();
    home.run(&[&NEW[..], &["--home", "a/b/\u{fc} c"]].concat()).ok();
    assert!(home.path("a/b/\u{fc} c/keyark-vault.json").is_file());
}

#[test]
fn every_command_has_help_with_examples() {
    let home = VaultHome::new();
    let commands = "new,import,list,show,rename,remove,export,export key,export keystore,export xpub,export descriptor,\
                    backup,backup phrase,backup key,backup forget,password,password change,password reset,password merge,\
                    password list,policy,policy show,policy set,policy reset,repair";
    for command in commands.split(',') {
        let args: Vec<_> = command.split(' ').chain(["--help"]).collect();
        let run = home.run(&args).ok();
        assert!(run.out.contains("Example") && run.out.contains("--home"), "{command}:\n{}", run.out);
    }
}

#[test]
fn the_password_from_standard_input() {
    let home = VaultHome::with_wallets();
    let args = ["list", "--home", "vault", "--password-file", "-", "--json"];
    assert_eq!(home.run_with(&args, &format!("{PASSWORD}\n")).ok().objects(), home.objects(&["list"]));
    let import = ["import", "third", "--home", "vault", "--password-file", "password.txt", "--phrase-file", "-"];
    home.run_with(&import, support::vault::OTHER_WORDS).ok();
    assert_eq!(home.objects(&["list"]).len(), 3);
}
