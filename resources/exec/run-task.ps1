# Runs one task script under PSWebHost's contract.
# Reads one JSON document from stdin: { "parameters": {...}, "taskContext": {...} }.
#  - a parameter the script declares is passed to it by name; $TaskContext likewise
#  - the script may also read the parameters' JSON with [Console]::In.ReadToEnd()
#  - a terminating error, a returned object whose Success is $false, or a non-zero exit make the run fail
# Works in PowerShell 7 and in Windows PowerShell 5.1.
param([Parameter(Mandatory)][string]$ScriptPath)

$utf8 = [System.Text.UTF8Encoding]::new($false)
try { [Console]::OutputEncoding = $utf8 } catch { Write-Verbose 'no console to set the encoding of' }
$OutputEncoding = $utf8
if (Test-Path variable:PSStyle) { $PSStyle.OutputRendering = 'PlainText' }
$ProgressPreference = 'SilentlyContinue'

# ConvertFrom-Json -AsHashtable is missing in 5.1, and scripts declare [hashtable].
function ConvertTo-Plain($value) {
  if ($value -is [System.Management.Automation.PSCustomObject]) {
    $table = @{}
    foreach ($property in $value.PSObject.Properties) { $table[$property.Name] = ConvertTo-Plain $property.Value }
    return $table
  }
  if ($value -is [object[]]) {
    $list = [System.Collections.ArrayList]::new()
    foreach ($item in $value) { [void]$list.Add((ConvertTo-Plain $item)) }
    return , $list.ToArray()
  }
  return $value
}

function Test-Failure($item) {
  if ($item -is [System.Collections.IDictionary]) { return $item.Contains('Success') -and $item['Success'] -eq $false }
  if ($null -eq $item -or $item -is [string] -or $item -is [ValueType]) { return $false }
  $property = $item.PSObject.Properties['Success']
  return $null -ne $property -and $property.Value -is [bool] -and -not $property.Value
}

function Get-FailureText($item) {
  foreach ($name in 'Error', 'Message', 'ErrorMessage') {
    $text = if ($item -is [System.Collections.IDictionary]) { $item[$name] } else { $item.$name }
    if ($text) { return [string]$text }
  }
  return 'the script returned Success = $false'
}

$reader = [System.IO.StreamReader]::new([Console]::OpenStandardInput(), $utf8)
$document = $reader.ReadToEnd() | ConvertFrom-Json
[Console]::SetIn([System.IO.StringReader]::new((ConvertTo-Json -InputObject $document.parameters -Depth 32 -Compress)))

$values = ConvertTo-Plain $document.parameters
if ($null -ne $document.taskContext) { $values['TaskContext'] = ConvertTo-Plain $document.taskContext }
$tokens = $null
$problems = $null
$ast = [System.Management.Automation.Language.Parser]::ParseFile($ScriptPath, [ref]$tokens, [ref]$problems)
$declared = @()
if ($ast.ParamBlock) { $declared = @($ast.ParamBlock.Parameters | ForEach-Object { $_.Name.VariablePath.UserPath }) }
$splat = @{}
foreach ($name in $declared) { if ($values.ContainsKey($name)) { $splat[$name] = $values[$name] } }

$failure = $null
$global:LASTEXITCODE = 0
try {
  & $ScriptPath @splat | ForEach-Object { if (Test-Failure $_) { $failure = $_ }; $_ } | Out-Default
  $succeeded = $?
} catch {
  [Console]::Error.WriteLine($_.ScriptStackTrace)
  [Console]::Error.WriteLine($_.Exception.Message)
  exit 1
}
if ($null -ne $failure) {
  [Console]::Error.WriteLine((Get-FailureText $failure))
  exit 1
}
# A native command that failed in passing does not fail the script; `exit N` does.
if (-not $succeeded -and $LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
exit 0
