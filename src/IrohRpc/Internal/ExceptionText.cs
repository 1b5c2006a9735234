namespace IrohRpc.Internal;

/// <summary>What exceptions of others say.</summary>
internal static class ExceptionText
{
    /// <summary>The message; that of its type where there is none to be had, since a property that others override may throw.</summary>
    public static string SafeMessage(this Exception exception) => exception.TryGetMessage() ?? $"a {exception.GetType().Name} without a message";

    /// <summary>The message; null where it throws.</summary>
    public static string? TryGetMessage(this Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
