import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'

/** Imported before a program: says when that loads a file of Facebook's SDK. */
registerHooks({
  load: (url, context, next) => {
    if (url.includes('/node_modules/facebook-nodejs-business-sdk/')) writeSync(2, `loads Facebook's SDK: ${url}\n`)
    return next(url, context)
  },
})
