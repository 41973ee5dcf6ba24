package io.perch.systemtests.client;

import java.util.List;

/** Where the mails of the system under test are kept. */
interface SentMails {

    /** Returns the text of every mail to an address, oldest first. */
    List<String> to(String address);
}
