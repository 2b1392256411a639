# Finds, and with -End ends, what runs from the folder of the program: its files cannot be replaced under it.
# Called by installer and uninstaller, which read the exit code: 0 nothing runs; 3 something runs; 10 and 11 nothing
# runs, and a service of this folder was on (10) or off (11) and is off now; anything else: it could not be done.
param([string]$Folder, [string]$Service, [switch]$End)
$ErrorActionPreference = 'Stop'

function Test-Inside([string]$Path) {
  $Path.Trim('"').StartsWith("$Folder\", [StringComparison]::OrdinalIgnoreCase)
}

# Not an uninstaller that was told to run where it lies.
function Get-Running {
  Get-CimInstance Win32_Process | Where-Object {
    $_.ExecutablePath -and (Test-Inside $_.ExecutablePath) -and $_.Name -ne 'uninstall.exe'
  }
}

if (-not $End) {
  if (Get-Running) { exit 3 }
  exit 0
}

# The release and the development program could both have one of this name.
$task = Get-ScheduledTask -TaskPath '\' -TaskName $Service -ErrorAction SilentlyContinue | Where-Object {
  Test-Inside ([Environment]::ExpandEnvironmentVariables($_.Actions[0].Execute))
}
$wasOn = $task -and $task.State -ne 'Disabled'
if ($task) {
  # Or it is back within a minute.
  $task | Disable-ScheduledTask | Out-Null
  $task | Stop-ScheduledTask
}

# Whoever called this, up to the first: a script of the node may be what upgrades it, and must not end with it.
$above = @($PID)
while ($parent = (Get-CimInstance Win32_Process -Filter "ProcessId=$($above[-1])").ParentProcessId) {
  if ($above -contains $parent) { break }
  $above += $parent
}

# Nodes and their supervisors with what they have started: the interpreters of scripts lie elsewhere, and would run on
# under nobody. Not so the window, which is no script's parent: a browser that it has opened is the person's own.
function Stop-One($Process) {
  $id = $Process.ProcessId
  if ($Process.Name -eq 'node.exe' -and $above -notcontains $id) {
    & "$env:SystemRoot\System32\taskkill.exe" /T /F /PID $id | Out-Null
  } else { Stop-Process -Id $id -Force -ErrorAction SilentlyContinue }
}

# Again and again: one that ends may have started another.
$deadline = (Get-Date).AddSeconds(30)
while ($running = @(Get-Running)) {
  if ((Get-Date) -gt $deadline) {
    $running | ForEach-Object { Write-Output "$($_.Name) ($($_.ProcessId)) could not be ended" }
    if ($wasOn) { $task | Enable-ScheduledTask | Out-Null }
    exit 1
  }
  # Supervisors first: they are found by what they run from, and end when their window does.
  $running | Sort-Object { $_.Name -ne 'node.exe' } | ForEach-Object { Stop-One $_ }
  Start-Sleep -Milliseconds 500
}
if ($wasOn) { exit 10 }
if ($task) { exit 11 }
exit 0
