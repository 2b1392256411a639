/** Why a form was not saved, above its save bar; what was typed is still there. */
export const NotSaved = ({ reason }: { reason: string }) => (
  <p className="save-note bad" role="alert">
    <b>Not saved.</b> {reason}
  </p>
)
