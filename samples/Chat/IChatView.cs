namespace Chat;

/// <summary>Where a chat shows up and where lines come from.</summary>
internal interface IChatView
{
    /// <summary>Shows a genuine line, which is a stranger's text all the same.</summary>
    void Line(string room, ChatLine line, bool isHistory);

    void Note(string room, string text);

    /// <summary>The next line that the user wrote; null at the end.</summary>
    ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken);
}
