/** A wrong use of a simulator itself; never what a platform answers to the product. */
export class SimulatorError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SimulatorError'
    this.code = code
  }
}
