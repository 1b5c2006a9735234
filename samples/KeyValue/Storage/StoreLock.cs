namespace KeyValue.Storage;

/// <summary>
/// Keeps a second process away from a store: each counts revisions by itself, so that two would use a number twice. The operating system
/// frees it with the process, however that ends.
/// </summary>
internal static class StoreLock
{
    /// <summary>Takes the lock; disposing of it gives it back.</summary>
    /// <exception cref="IOException">Somebody else has it.</exception>
    public static IDisposable Take(string file)
    {
        try
        {
            return new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException($"The store \"{file}\" cannot be locked; is it served already? {exception.Message}", exception);
        }
    }
}
