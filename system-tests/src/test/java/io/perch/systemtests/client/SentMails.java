package io.perch.systemtests.client;

import java.util.List;

/** The mails that the system under test has sent. */
interface SentMails {

    /** Returns the text of every mail to an address, oldest first. */
    List<String> to(String address);
}
