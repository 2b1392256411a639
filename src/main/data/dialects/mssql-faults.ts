import { codeOf, networkFault, type DriverFault } from '../errors.ts'

export const faultOf = (error: unknown): DriverFault | undefined =>
  codeOf(error) === undefined ? undefined : networkFault(error)
