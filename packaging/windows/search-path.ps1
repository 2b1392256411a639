# Adds a folder to the machine's search path, or removes it. Called by installer and uninstaller.
param([string]$Add, [string]$Remove)
$ErrorActionPreference = 'Stop'

$key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey(
  'SYSTEM\CurrentControlSet\Control\Session Manager\Environment', $true)
# As it is written: variables in it stay variables.
$path = $key.GetValue('Path', '', [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
$folders = @($path -split ';' | Where-Object { $_ -and $_ -ne $Add -and $_ -ne $Remove })
if ($Add) { $folders += $Add }
$key.SetValue('Path', ($folders -join ';'), [Microsoft.Win32.RegistryValueKind]::ExpandString)
$key.Close()
# Tells programs that run: setting any variable through this call does.
[Environment]::SetEnvironmentVariable('PSWEBHOST_PATH_CHANGED', $null, 'Machine')
