//! The devices of the account.

use std::path::Path;

use stoa_ipc::{
    DeviceAccess, DeviceInfo, ListDevices, RenameDevice, RevokeDevice, RevokeOtherDevices,
    WipeDevice,
};
use stoa_studio::Studio;

use crate::arguments::DeviceCommand;
use crate::exit::End;
use crate::output::{Output, Problem};
use crate::secrets::first_line;

pub(super) async fn carry_out(
    studio: &Studio,
    command: &DeviceCommand,
    output: &Output,
) -> Result<End, Problem> {
    let password = |file: &Path| first_line(file, "password-file").map(|text| text.to_string());
    let devices = match command {
        DeviceCommand::List => studio.run(ListDevices {}).await?,
        DeviceCommand::Rename { id, name } => {
            let (id, name) = (*id, name.clone());
            studio.run(RenameDevice { id, name }).await?
        }
        DeviceCommand::Revoke {
            id: Some(id),
            password_file,
            ..
        } => {
            let (id, password) = (*id, password(password_file)?);
            studio.run(RevokeDevice { id, password }).await?
        }
        DeviceCommand::Revoke { password_file, .. } => {
            let password = password(password_file)?;
            studio.run(RevokeOtherDevices { password }).await?
        }
        DeviceCommand::Wipe { id, password_file } => {
            let (id, password) = (*id, password(password_file)?);
            studio.run(WipeDevice { id, password }).await?
        }
    };
    output.answer(&devices, |output| {
        devices.iter().map(|device| line(device, output)).collect()
    });
    Ok(End::Done)
}

/// Id, name and how it stands, apart by tabs; the times are in the JSON.
fn line(device: &DeviceInfo, output: &Output) -> String {
    let standing = match device.access {
        DeviceAccess::Active if device.is_this => "this",
        DeviceAccess::Active => "active",
        DeviceAccess::Revoked => "revoked",
        DeviceAccess::WipeOrdered { .. } => "wipe-ordered",
        DeviceAccess::Wiped { .. } => "wiped",
    };
    let standing = output.text(&format!("cli-device-{standing}"));
    format!("{}\t{}\t{standing}", device.id, device.name)
}
