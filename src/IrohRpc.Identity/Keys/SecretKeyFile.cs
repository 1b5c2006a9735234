using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Cryptography;
using System.Security.Principal;
using System.Text;
using IrohRpc.Identity.Internal;

namespace IrohRpc;

/// <summary>
/// A secret key in a file that only its owner can read: 64 hexadecimal digits, or base32, and white space around them. A file that others can read is refused,
/// since whoever has the key is the endpoint.
/// </summary>
/// <remarks>The file is read anew with each call. All members are safe to call from several threads and processes at once.</remarks>
public sealed class SecretKeyFile : ISecretKeyProvider
{
    // A key has at most 64 characters; what is much longer is another file.
    private const int LargestFile = 4096;

    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Names a file. Nothing is read yet.</summary>
    /// <param name="path">Where it is, or will be.</param>
    public SecretKeyFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = System.IO.Path.GetFullPath(path);
    }

    /// <summary>Where the file is, in full.</summary>
    public string Path { get; }

    /// <summary>
    /// Whether a file that does not exist is made, with a new key, and the folder with it. Default no: a file that is missed by a mistyped path would change who the
    /// endpoint is.
    /// </summary>
    public bool CreateIfMissing { get; init; }

    /// <summary>Reads the key, or makes it where the file does not exist and <see cref="CreateIfMissing"/> says so.</summary>
    /// <returns>The key, which is the caller's to dispose of.</returns>
    /// <exception cref="FileNotFoundException">There is no file, and none is to be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Others can read or change the file, or this process cannot read it.</exception>
    /// <exception cref="FormatException">The file holds something else. The message does not repeat it.</exception>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public SecretKey Read()
    {
        try
        {
            return ReadExisting();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return CreateIfMissing
                ? Create()
                : throw new FileNotFoundException(
                    $"There is no secret key at {Path}. If this is the first start, let it be made ({nameof(CreateIfMissing)}); otherwise the path is wrong, or the file is lost, and with it who this endpoint was.",
                    Path);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SecretKey> GetSecretKeyAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read());
    }

    private SecretKey ReadExisting()
    {
        Span<byte> bytes = stackalloc byte[LargestFile + 1];
        Span<char> text = stackalloc char[LargestFile + 1];
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read);
            RefuseIfOthersRead(file);
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > LargestFile)
            {
                throw new FormatException($"{Path} is no file of a secret key: it has more than {LargestFile} bytes.");
            }

            length = Encoding.Latin1.GetChars(bytes[..length], text);
            try
            {
                return SecretKey.Parse(text[..length]);
            }
            catch (FormatException exception)
            {
                throw new FormatException($"{Path} holds no secret key. {exception.Message}", exception);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            text.Clear();
        }
    }

    private SecretKey Create()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        SecretKey key = SecretKey.Generate();
        Span<char> text = key.ExportText().ToCharArray();
        Span<byte> bytes = stackalloc byte[(SecretKey.Size * 2) + 1];
        string temporary = $"{Path}.{Guid.NewGuid():n}.new";
        try
        {
            Encoding.ASCII.GetBytes(text, bytes);
            bytes[^1] = (byte)'\n';
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(temporary, options))
            {
                if (OperatingSystem.IsWindows())
                {
                    KeepForOwner(file);
                }

                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            // Whole or not at all, and never over a key that another process has made meanwhile: that one is then everybody's.
            // Outside Windows .NET looks whether there is one and then replaces it all the same, so that a second name is given first.
            if (OperatingSystem.IsWindows() || !HardLink.TryCreate(temporary, Path))
            {
                File.Move(temporary, Path, overwrite: false);
            }

            return key;
        }
        catch (IOException) when (File.Exists(Path))
        {
            key.Dispose();
            return ReadExisting();
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            File.Delete(temporary);
            CryptographicOperations.ZeroMemory(bytes);
            text.Clear();
        }
    }

    private void RefuseIfOthersRead(FileStream file)
    {
        if (OperatingSystem.IsWindows())
        {
            RefuseIfOthersReadOnWindows(file);
            return;
        }

        UnixFileMode mode = File.GetUnixFileMode(file.SafeFileHandle);
        if ((mode & OfOthers) != 0)
        {
            throw new UnauthorizedAccessException(
                $"The secret key in {Path} can be read or changed by others than its owner (mode {Convert.ToString((int)mode, 8)}). Take their rights away: chmod 600. If somebody may have read it, make a new one.");
        }
    }

    [SupportedOSPlatform("windows")]
    private void RefuseIfOthersReadOnWindows(FileStream file)
    {
        SecurityIdentifier[] strangers =
        [
            new(WellKnownSidType.WorldSid, null), new(WellKnownSidType.BuiltinUsersSid, null), new(WellKnownSidType.AuthenticatedUserSid, null),
        ];
        foreach (FileSystemAccessRule rule in file.GetAccessControl().GetAccessRules(true, true, typeof(SecurityIdentifier)))
        {
            if (rule.AccessControlType == AccessControlType.Allow && (rule.FileSystemRights & FileSystemRights.ReadData) != 0 && strangers.Contains(rule.IdentityReference))
            {
                throw new UnauthorizedAccessException(
                    $"The secret key in {Path} can be read by all users of this machine. Leave it to the account that runs this program. If somebody may have read it, make a new one.");
            }
        }
    }

    [SupportedOSPlatform("windows")]
    private static void KeepForOwner(FileStream file)
    {
        using WindowsIdentity owner = WindowsIdentity.GetCurrent();
        var rights = new FileSecurity();
        rights.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        rights.AddAccessRule(new FileSystemAccessRule(owner.User!, FileSystemRights.FullControl, AccessControlType.Allow));
        file.SetAccessControl(rights);
    }
}
