using System.Security.Cryptography;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Servers;

/// <summary>nginx with one large file and many small ones of random content.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    public const int LargeLength = 256 * 1024 * 1024;
    public const int SmallCount = 1000;

    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private WebServer(TemporaryFolder folder, ChildProcess process, int port, string largeHash)
    {
        _folder = folder;
        _process = process;
        Port = port;
        LargeHash = largeHash;
    }

    public int Port { get; }

    /// <summary>The SHA-256 of <c>/large</c>, in hexadecimal.</summary>
    public string LargeHash { get; }

    /// <summary>The folder with what it serves: <c>large</c> and <c>small/1</c> to <c>small/1000</c>.</summary>
    public string Root => _folder.File("www");

    public static async Task<WebServer> StartAsync()
    {
        string[] programs = InstalledSoftware.Require("nginx", "curl");
        var folder = new TemporaryFolder();
        ChildProcess? process = null;
        try
        {
            string hash = await FillAsync(Path.Combine(folder.Path, "www"));
            int port = Tcp.FreePort();
            await File.WriteAllTextAsync(folder.File("nginx.conf"), Configuration(folder.Path, port));
            process = ChildProcess.Start(programs[0], "-p", folder.Path, "-e", "stderr", "-c", folder.File("nginx.conf"));

            // The socket listens before the first worker starts.
            await process.Errors.LineAsync("start worker process ");
            return new WebServer(folder, process, port, hash);
        }
        catch
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }

            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<string> FillAsync(string root)
    {
        Directory.CreateDirectory(Path.Combine(root, "small"));
        var random = new Random(1);
        byte[] block = new byte[1024 * 1024];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (FileStream large = File.Create(Path.Combine(root, "large")))
        {
            for (int written = 0; written < LargeLength; written += block.Length)
            {
                random.NextBytes(block);
                hash.AppendData(block);
                await large.WriteAsync(block);
            }
        }

        for (int number = 1; number <= SmallCount; number++)
        {
            byte[] content = new byte[random.Next(1, 8192)];
            random.NextBytes(content);
            await File.WriteAllBytesAsync(Path.Combine(root, "small", $"{number}"), content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Configuration(string folder, int port) => $$"""
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        daemon off;
        worker_processes 1;
        error_log stderr notice;
        pid {{folder}}/nginx.pid;
        events { worker_connections 4096; }
        http {
          access_log off;
          sendfile on;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          server { listen 127.0.0.1:{{port}} backlog=4096; root {{folder}}/www; }
        }
        """;
}
