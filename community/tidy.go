package community

// tidyBatch bounds what one turn of the clock changes at once.
const tidyBatch = 500
