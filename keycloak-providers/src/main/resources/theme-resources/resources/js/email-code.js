// Counts down what the page already says: without this script the text stays as it was when the page was made.
const wait = document.getElementById("email-code-wait");
const until = Date.now() + Number(wait.dataset.seconds) * 1000;

function tell() {
  const seconds = Math.ceil((until - Date.now()) / 1000);
  wait.textContent = seconds > 0 ? wait.dataset.waiting.replace("{seconds}", seconds) : wait.dataset.over;
  if (seconds > 0) {
    setTimeout(tell, 1000);
  }
}

tell();
