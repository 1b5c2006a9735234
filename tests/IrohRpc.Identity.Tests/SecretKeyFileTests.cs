namespace IrohRpc.Identity.Tests;

/// <summary>A key in a file: who may read it, when it is made, what is refused.</summary>
public sealed class SecretKeyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-key-");

    private string File => Path.Combine(_folder.FullName, "sub", "peer.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_missing_file_is_made_once_and_read_from_then_on()
    {
        using SecretKey first = new SecretKeyFile(File) { CreateIfMissing = true }.Read();
        using SecretKey second = new SecretKeyFile(File).Read();
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(first.ExportText() + "\n", System.IO.File.ReadAllText(File));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_missing_file_is_not_made_unless_that_is_wanted()
    {
        FileNotFoundException missing = Assert.Throws<FileNotFoundException>(() => new SecretKeyFile(File).Read());
        Assert.Contains(File, missing.Message, StringComparison.Ordinal);
        Assert.Contains("CreateIfMissing", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        new SecretKeyFile(File) { CreateIfMissing = true }.Read().Dispose();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead), InlineData(UnixFileMode.OtherRead), InlineData(UnixFileMode.GroupWrite), InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_can_read_or_change_is_refused(UnixFileMode others)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var file = new SecretKeyFile(File) { CreateIfMissing = true };
        file.Read().Dispose();
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        }

        UnauthorizedAccessException refused = Assert.Throws<UnauthorizedAccessException>(() => file.Read());
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_white_space_around_the_key_is_read()
    {
        using SecretKey key = SecretKey.Generate();
        Write($"\n  {key.ExportText()}\r\n");
        using SecretKey read = new SecretKeyFile(File).Read();
        Assert.Equal(key.Id, read.Id);
    }

    [Theory]
    [InlineData(""), InlineData("not a key"), InlineData("zz34567890123456789012345678901234567890123456789012345678901234")]
    public void Another_file_is_refused_and_not_repeated(string content)
    {
        Write(content);
        FormatException refused = Assert.Throws<FormatException>(() => new SecretKeyFile(File) { CreateIfMissing = true }.Read());
        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
        if (content.Length > 0)
        {
            Assert.DoesNotContain(content, refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(content, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_large_file_is_refused_without_reading_it()
    {
        Write(new string('a', 1_000_000));
        Assert.Contains("more than 4096 bytes", Assert.Throws<FormatException>(() => new SecretKeyFile(File).Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_who_make_it_at_once_get_the_same_key()
    {
        using var start = new Barrier(8);
        for (int round = 0; round < 50; round++)
        {
            string path = Path.Combine(Path.GetDirectoryName(File)!, $"{round}", "key");
            EndpointId[] ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    using SecretKey key = new SecretKeyFile(path) { CreateIfMissing = true }.Read();
                    return key.Id;
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            Assert.Single(ids.Distinct());
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
    }

    [Fact]
    public async Task It_is_a_provider_whose_keys_are_the_callers()
    {
        var provider = new SecretKeyFile(File) { CreateIfMissing = true };
        Assert.IsType<ISecretKeyProvider>(provider, exactMatch: false);
        SecretKey first = await provider.GetSecretKeyAsync(TestContext.Current.CancellationToken);
        first.Dispose();
        using SecretKey second = await provider.GetSecretKeyAsync(TestContext.Current.CancellationToken);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(64, second.Sign([1]).Length);
    }

    private void Write(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, content);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
