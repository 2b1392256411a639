/** Options of the packager that sign executables, where the certificate is given (docs/install.md); else none. */
export const windowsSigning = ({ WINDOWS_CERTIFICATE_FILE, WINDOWS_CERTIFICATE_PASSWORD } = process.env) =>
  WINDOWS_CERTIFICATE_FILE
    ? {
        windowsSign: {
          certificateFile: WINDOWS_CERTIFICATE_FILE,
          certificatePassword: WINDOWS_CERTIFICATE_PASSWORD,
        },
      }
    : {}
