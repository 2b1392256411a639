; The Windows installer, for all users of the machine. `installer.exe /S` installs silently, /D=C:\Folder below that.
; It ends with code 0; 1 when somebody has cancelled it; 2 when it has given up, above all where something still runs.
; Defined by scripts/dist/windows/installer.mjs: SOURCE OUT ICON NAME TITLE VERSION EXECUTABLE SCHEME PUBLISHER APP_ID

Unicode true
ManifestDPIAware true
RequestExecutionLevel admin
SetCompressor /SOLID lzma

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define RUN_APPROVED "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define LINKS "Software\Classes\${SCHEME}"
!define LINK_COMMAND '"$INSTDIR\${EXECUTABLE}" -- "%1"'
!define SERVICE "PSWebHost Cluster node"
!define DEFAULT_FOLDER "$PROGRAMFILES64\${TITLE}"
; The one of 64 bits, which this program of 32 finds under this name.
!define POWERSHELL '"$WINDIR\Sysnative\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File'

Name "${TITLE}"
OutFile "${OUT}"
InstallDir "${DEFAULT_FOLDER}"
; Who cannot replace a file must not leave an old one among new ones.
AllowSkipFiles off
BrandingText "${TITLE} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${TITLE}"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "FileDescription" "${TITLE}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "${PUBLISHER}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION StartAsPerson
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE TakeOwnFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; What running.ps1 said of the service.
Var Service

; An installation before may be elsewhere. NSIS would look for it among the keys of 32-bit programs.
Function .onInit
  SetRegView 64
  ReadRegStr $0 HKLM "Software\${NAME}" "InstallDir"
  ${If} $0 != ""
  ${AndIf} $INSTDIR == "${DEFAULT_FOLDER}"
    StrCpy $INSTDIR $0
  ${EndIf}
FunctionEnd

; Uninstalling removes the folder as a whole. So it is one of our own, below the one that was chosen, and was empty.
Function TakeOwnFolder
  ${GetFileName} "$INSTDIR" $0
  ${If} $0 != "${TITLE}"
    StrCpy $INSTDIR "$INSTDIR\${TITLE}"
  ${EndIf}
  ${DirState} "$INSTDIR" $0
  ${If} $0 == 1
  ${AndIfNot} ${FileExists} "$INSTDIR\uninstall.exe"
    MessageBox MB_OK|MB_ICONSTOP "$INSTDIR holds files that are not of ${TITLE}. Choose another folder." /SD IDOK
    Abort
  ${EndIf}
FunctionEnd

; The installer may do everything, and the program must not: the desktop, which runs as the person, starts it.
Function StartAsPerson
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\${EXECUTABLE}"'
FunctionEnd

; A window lives on in the tray, a service runs unseen: both hold their files. Silently they are ended without asking.
!macro END_WHAT_RUNS un
  Function ${un}EndWhatRuns
    InitPluginsDir
    File "/oname=$PLUGINSDIR\running.ps1" "running.ps1"
    nsExec::ExecToLog '${POWERSHELL} "$PLUGINSDIR\running.ps1" -Folder "$INSTDIR"'
    Pop $0
    ${If} $0 == 3
      MessageBox MB_OKCANCEL|MB_ICONEXCLAMATION "${TITLE} runs, perhaps in the notification area or as a service. It is ended now, with the scripts that it runs." /SD IDOK IDOK +2
      Abort "Cancelled: ${TITLE} runs."
    ${EndIf}
    nsExec::ExecToLog '${POWERSHELL} "$PLUGINSDIR\running.ps1" -Folder "$INSTDIR" -Service "${SERVICE}" -End'
    Pop $Service
    ${If} $Service != 0
    ${AndIf} $Service != 10
    ${AndIf} $Service != 11
      MessageBox MB_OK|MB_ICONSTOP "${TITLE} runs and could not be ended. Quit it, stop its service, and try again." /SD IDOK
      Abort "${TITLE} runs and could not be ended."
    ${EndIf}
  FunctionEnd
!macroend
!insertmacro END_WHAT_RUNS ""
!insertmacro END_WHAT_RUNS "un."

; On again where it was on before.
Function StartService
  ${If} $Service == 10
    nsExec::ExecToLog 'schtasks.exe /Change /TN "${SERVICE}" /ENABLE'
    Pop $0
    nsExec::ExecToLog 'schtasks.exe /Run /TN "${SERVICE}"'
    Pop $0
  ${EndIf}
FunctionEnd

Function .onInstFailed
  Call StartService
FunctionEnd

; Gives the shortcut $1 the name that the program goes by: of one that no shortcut names, Windows shows no notification.
Function NameShortcut
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r2)'
    ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r3)'
    ${If} $2 P<> 0
    ${AndIf} $3 P<> 0
      ; To be changed (STGM_READWRITE).
      ${IPersistFile::Load} $2 '(r1,2)'
      System::Call 'SHLWAPI::SHStrDupW(w "${APP_ID}",*p.r6)'
      System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r4'
      System::Alloc ${SYSSIZEOF_PROPVARIANT}
      Pop $5
      ${V_SetPointer} $5 ${VT_LPWSTR} r6
      ${IPropertyStore::SetValue} $3 '(r4,r5)'
      ${IPropertyStore::Commit} $3 ""
      ${IPersistFile::Save} $2 '(r1,1)'
      !insertmacro PropVariantClear r5
      System::Free $5
      System::Free $4
    ${EndIf}
    ${If} $3 P<> 0
      ${IUnknown::Release} $3 ""
    ${EndIf}
    ${If} $2 P<> 0
      ${IUnknown::Release} $2 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
FunctionEnd

; Whether the command $0 starts what lies in the folder of the program: 1 or 0, in $0.
Function un.IsOurs
  StrCpy $1 $0 1
  ${If} $1 == '"'
    StrCpy $0 $0 "" 1
  ${EndIf}
  StrLen $1 "$INSTDIR\"
  StrCpy $0 $0 $1
  ${If} $0 == "$INSTDIR\"
    StrCpy $0 1
  ${Else}
    StrCpy $0 0
  ${EndIf}
FunctionEnd

; What the program has written for the person who uninstalls it: start at login, and links to the window of a data folder.
Function un.ForgetPerson
  ReadRegStr $0 HKCU "${RUN}" "${APP_ID}"
  Call un.IsOurs
  ${If} $0 == 1
    DeleteRegValue HKCU "${RUN}" "${APP_ID}"
    DeleteRegValue HKCU "${RUN_APPROVED}" "${APP_ID}"
  ${EndIf}
  ReadRegStr $0 HKCU "${LINKS}\shell\open\command" ""
  Call un.IsOurs
  ${If} $0 == 1
    DeleteRegKey HKCU "${LINKS}"
  ${EndIf}
FunctionEnd

Section "Install"
  SetRegView 64
  SetShellVarContext all
  ; Silently no page has asked for a folder.
  Call TakeOwnFolder
  Call EndWhatRuns
  ; What a version before had and this one has not must not stay.
  RMDir /r "$INSTDIR\resources"
  SetOutPath "$INSTDIR"
  ; At first: it tells that the folder is ours, also when the rest fails.
  WriteUninstaller "$INSTDIR\uninstall.exe"
  File /r "${SOURCE}\*"
  CreateShortCut "$SMPROGRAMS\${TITLE}.lnk" "$INSTDIR\${EXECUTABLE}"
  StrCpy $1 "$SMPROGRAMS\${TITLE}.lnk"
  Call NameShortcut

  WriteRegStr HKLM "Software\${NAME}" "InstallDir" "$INSTDIR"
  WriteRegStr HKLM "${LINKS}" "" "URL:${TITLE}"
  WriteRegStr HKLM "${LINKS}" "URL Protocol" ""
  WriteRegStr HKLM "${LINKS}\DefaultIcon" "" "$INSTDIR\${EXECUTABLE},0"
  WriteRegStr HKLM "${LINKS}\shell\open\command" "" '${LINK_COMMAND}'

  WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "${TITLE}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${EXECUTABLE},0"
  WriteRegStr HKLM "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKLM "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKLM "${UNINSTALL}" "EstimatedSize" $0

  ; Not by NSIS itself: it cuts off a long search path.
  nsExec::ExecToLog '${POWERSHELL} "$INSTDIR\resources\windows\search-path.ps1" -Add "$INSTDIR\resources\bin"'
  Pop $0
  Call StartService
SectionEnd

Section "Uninstall"
  SetRegView 64
  SetShellVarContext all
  Call un.EndWhatRuns
  ${If} $Service != 0
    nsExec::ExecToLog 'schtasks.exe /Delete /F /TN "${SERVICE}"'
    Pop $0
  ${EndIf}
  nsExec::ExecToLog '${POWERSHELL} "$INSTDIR\resources\windows\search-path.ps1" -Remove "$INSTDIR\resources\bin"'
  Pop $0
  Delete "$SMPROGRAMS\${TITLE}.lnk"
  DeleteRegKey HKLM "${UNINSTALL}"
  ; Another program of ours may have taken the links over.
  ReadRegStr $0 HKLM "${LINKS}\shell\open\command" ""
  ${If} $0 == '${LINK_COMMAND}'
    DeleteRegKey HKLM "${LINKS}"
  ${EndIf}
  Call un.ForgetPerson
  DeleteRegKey HKLM "Software\${NAME}"
  ; Data folders are elsewhere, and stay.
  RMDir /r "$INSTDIR"
SectionEnd
