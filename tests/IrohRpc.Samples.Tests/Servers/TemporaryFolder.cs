namespace IrohRpc.Samples.Tests.Servers;

/// <summary>A folder for one test, which its end removes.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("irohrpc-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A killed server may still be writing its last file; the system cleans its temporary folder.
        }
    }
}
