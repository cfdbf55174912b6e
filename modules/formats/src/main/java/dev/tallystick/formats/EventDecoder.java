package dev.tallystick.formats;

import dev.tallystick.core.model.RawRecord;
import dev.tallystick.core.model.Reading;

/**
 * Turns the records of one source's topic into readings. A decoder may keep buffers from call to
 * call: it is used by one thread at a time.
 */
public interface EventDecoder {

  /**
   * What the record is. Whatever its bytes are, this answers and does not throw: a poison record is
   * data.
   */
  Reading decode(RawRecord record);
}
