namespace IrohRpc.Samples;

/// <summary>A secret key that outlives the process, in a file that only its owner can read.</summary>
internal static class SecretKeyFile
{
    /// <summary>Reads the key, or makes one where the file does not exist.</summary>
    /// <exception cref="FormatException">The file holds something else.</exception>
    public static SecretKey LoadOrCreate(FileInfo file)
    {
        if (file.Exists)
        {
            return SecretKey.Parse(File.ReadAllText(file.FullName).Trim());
        }

        SecretKey key = SecretKey.Generate();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(file.FullName, options);
        writer.WriteLine(key.ExportText());
        return key;
    }
}
