//! Programs that merge texts, with the commands that put the server left and yours right.

use std::path::Path;

/// A known program.
#[derive(Debug)]
pub(crate) struct Preset {
    pub id: &'static str,
    pub name: &'static str,
    pub command: &'static str,
}

const PRESETS: [Preset; 10] = [
    Preset { id: "meld", name: "Meld", command: "meld {server} {result} {yours}" },
    Preset {
        id: "kdiff3",
        name: "KDiff3",
        command: "kdiff3 --L1 Before --L2 Server --L3 Yours {before} {server} {yours} -o {result}",
    },
    Preset {
        id: "vscode",
        name: "Visual Studio Code",
        command: "code --wait --merge {server} {yours} {before} {result}",
    },
    Preset {
        id: "opendiff",
        name: "FileMerge",
        command: "opendiff {server} {yours} -ancestor {before} -merge {result}",
    },
    Preset { id: "bcompare", name: "Beyond Compare", command: "bcompare {server} {yours} {before} {result}" },
    Preset {
        id: "smerge",
        name: "Sublime Merge",
        command: "smerge mergetool {before} {server} {yours} -o {result}",
    },
    Preset { id: "p4merge", name: "P4Merge", command: "p4merge {before} {server} {yours} {result}" },
    Preset {
        id: "winmerge",
        name: "WinMerge",
        command: "WinMergeU -e -u -fm -wl -wr -dl Server -dm Result -dr Yours {server} {result} {yours}",
    },
    Preset { id: "tkdiff", name: "TkDiff", command: "tkdiff -a {before} -o {result} {server} {yours}" },
    Preset { id: "diffuse", name: "Diffuse", command: "diffuse {server} {result} {yours}" },
];

/// All that are known.
pub(crate) fn presets() -> &'static [Preset] {
    &PRESETS
}

impl Preset {
    /// The program its command starts.
    pub fn program(&self) -> &'static str {
        self.command.split(' ').next().unwrap_or(self.command)
    }

    /// It is in one of the folders that programs are looked for in.
    pub fn found(&self) -> bool {
        let Some(folders) = std::env::var_os("PATH") else { return false };
        let names = if cfg!(windows) {
            vec![format!("{}.exe", self.program()), format!("{}.cmd", self.program())]
        } else {
            vec![self.program().to_owned()]
        };
        std::env::split_paths(&folders).any(|folder| names.iter().any(|name| is_file(&folder.join(name))))
    }
}

fn is_file(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::external::Command;

    #[test]
    fn every_preset_can_be_used() {
        for preset in presets() {
            assert_eq!(Command::read(preset.command).unwrap().name(), preset.name);
        }
    }
}
