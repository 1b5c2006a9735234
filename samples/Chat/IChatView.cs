namespace Chat;

/// <summary>Where a chat shows up and where lines come from.</summary>
internal interface IChatView
{
    void Message(string room, ChatMessage message, bool isHistory);

    void Note(string room, string text);

    /// <summary>The next line that the user wrote; null at the end.</summary>
    ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken);
}
